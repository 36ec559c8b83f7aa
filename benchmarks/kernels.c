/* The ceiling: basin-sweep steps on L(x, y) = x^4/4 - xy + y^2/2, held in AVX-512 registers, eight vectors in flight.
 *
 * Compiled twice, with -DREAL=32 and -DREAL=64. Every trajectory has its own eta and rho. The reciprocal square root is
 * the hardware's estimate with Newton steps (one for float, two for double), as XLA does it.
 */
#include <immintrin.h>

#if REAL == 32
typedef float real;
typedef __m512 V;
#define LANES 16
#define OP(name) _mm512_##name##_ps
#else
typedef double real;
typedef __m512d V;
#define LANES 8
#define OP(name) _mm512_##name##_pd
#endif
#define DEPTH 8

static inline V newton(V s, V r) {
    V half = OP(mul)(OP(set1)((real)0.5), r);
    return OP(mul)(half, OP(fnmadd)(OP(mul)(s, r), r, OP(set1)((real)3)));
}

static inline V inverse_root(V s) {
    V guarded = OP(max)(s, OP(set1)(REAL == 32 ? (real)1.1754944e-38 : (real)2.2250738585072014e-308));
    V r = newton(guarded, OP(rsqrt14)(guarded));
    return REAL == 32 ? r : newton(guarded, r);
}

#define KERNEL(NAME, STEP)                                                                                 \
    void NAME(real *x, real *y, const real *eta, const real *rho, long n, long steps) {                    \
        for (long i = 0; i < n; i += LANES * DEPTH) {                                                      \
            V X[DEPTH], Y[DEPTH], E[DEPTH], R[DEPTH];                                                      \
            for (int k = 0; k < DEPTH; k++) {                                                              \
                X[k] = OP(loadu)(x + i + LANES * k), Y[k] = OP(loadu)(y + i + LANES * k);                  \
                E[k] = OP(loadu)(eta + i + LANES * k), R[k] = OP(loadu)(rho + i + LANES * k);              \
            }                                                                                              \
            for (long t = 0; t < steps; t++) {                                                             \
                _Pragma("GCC unroll 8") for (int k = 0; k < DEPTH; k++) {                                  \
                    V a = X[k], b = Y[k];                                                                  \
                    V gx = OP(fmsub)(OP(mul)(a, a), a, b), gy = OP(sub)(b, a);                             \
                    V hx = gx, hy = gy;                                                                    \
                    STEP;                                                                                  \
                    X[k] = OP(fnmadd)(E[k], hx, a), Y[k] = OP(fnmadd)(E[k], hy, b);                        \
                }                                                                                          \
            }                                                                                              \
            for (int k = 0; k < DEPTH; k++) OP(storeu)(x + i + LANES * k, X[k]), OP(storeu)(y + i + LANES * k, Y[k]); \
        }                                                                                                  \
    }

#define SQUARE(p, q) OP(fmadd)(p, p, OP(mul)(q, q))
#define ASCEND(f)                                                                  \
    V F = f, u = OP(fmadd)(F, gx, a), v = OP(fmadd)(F, gy, b);                      \
    hx = OP(fmsub)(OP(mul)(u, u), u, v), hy = OP(sub)(v, u)

KERNEL(gd, (void)R)
KERNEL(usam, ASCEND(R[k]))
KERNEL(sam, ASCEND(OP(mul)(R[k], inverse_root(SQUARE(gx, gy)))))
KERNEL(stable_sam, V s = SQUARE(gx, gy); V r = inverse_root(s); ASCEND(OP(mul)(R[k], r));
       V scale = OP(mul)(OP(mul)(s, r), inverse_root(SQUARE(hx, hy))); hx = OP(mul)(hx, scale); hy = OP(mul)(hy, scale))

/* What the arithmetic units can do: sixteen independent chains of fused multiply-adds. Returns floating-point operations. */
double fma_peak(long rounds, real *sink) {
    V chain[16], factor = OP(set1)((real)0.999), term = OP(set1)((real)1e-3);
    for (int k = 0; k < 16; k++) chain[k] = OP(set1)((real)k);
    for (long r = 0; r < rounds; r++)
        _Pragma("GCC unroll 16") for (int k = 0; k < 16; k++) chain[k] = OP(fmadd)(chain[k], factor, term);
    for (int k = 0; k < 16; k++) OP(storeu)(sink + LANES * k, chain[k]);
    return 2.0 * 16 * LANES * rounds;
}
