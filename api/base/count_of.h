/* count_of.h - the number of elements of an array (not of a pointer). */
#ifndef API_BASE_COUNT_OF_H
#define API_BASE_COUNT_OF_H

#define COUNT(array) (sizeof(array) / sizeof *(array))

#endif
