/// What the build was told about itself (Package.swift). A target of its own: when a commit changes it, one file of C is
/// compiled again, and no Swift but what imports it.
#ifndef CBUILDINFO_H
#define CBUILDINFO_H

/// The commit, shortened, with `-dirty` where the tree was not what was committed; empty where nobody said.
const char *cbuildinfo_commit(void);
/// The compiler's version, such as 6.3.1; empty where nobody said.
const char *cbuildinfo_swift(void);

#endif
