#include "CBuildInfo.h"

// In two steps, so that the macro's value is taken and not its name.
#define TEXT_OF(...) #__VA_ARGS__
#define TEXT(...) TEXT_OF(__VA_ARGS__)

const char *cbuildinfo_commit(void) { return TEXT(BUILD_COMMIT); }

const char *cbuildinfo_swift(void) { return TEXT(BUILD_SWIFT); }
