// Declares nothing: linking this module is its whole use (see GlibcFloor.c).
#ifndef DANA_GLIBC_FLOOR_H
#define DANA_GLIBC_FLOOR_H
#endif
