// Keeps the extension's glibc floor at 2.34: the static Swift runtime calls hypot and hypotf, which on
// x86-64 would bind to the versions of glibc 2.35. The hidden definitions here take those calls and
// pass them to the versions every x86-64 glibc has. Other machines' first version is old enough.
#if defined(__linux__) && defined(__x86_64__)

__asm__(".symver danaFirstHypot, hypot@GLIBC_2.2.5");
__asm__(".symver danaFirstHypotf, hypotf@GLIBC_2.2.5");

extern double danaFirstHypot(double x, double y);
extern float danaFirstHypotf(float x, float y);

__attribute__((visibility("hidden"))) double hypot(double x, double y) { return danaFirstHypot(x, y); }
__attribute__((visibility("hidden"))) float hypotf(float x, float y) { return danaFirstHypotf(x, y); }

#endif
