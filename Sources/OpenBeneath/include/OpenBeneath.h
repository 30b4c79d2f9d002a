// Opens a file beneath a folder so that no `..` and no symbolic link leads out of it: the kernel resolves and checks
// in one step. Returns a descriptor for reading, or -1 with errno.
int danaOpenBeneath(int folder, const char *path);

// Opens a file wherever a path leads from a folder, as the same descriptor.
int danaOpenFrom(int folder, const char *path);
