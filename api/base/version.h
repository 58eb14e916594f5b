/* version.h - the one place that has the version.  CHANGELOG.md tells what each version brought. */
#ifndef API_BASE_VERSION_H
#define API_BASE_VERSION_H

#define LOGITD_VERSION "1.0.0"

#endif
