/* version.h - the version; no other file has it.  CHANGELOG.md says what each version changed. */
#ifndef API_BASE_VERSION_H
#define API_BASE_VERSION_H

#define LOGITD_VERSION "1.0.0"

#endif
