const a = [
  -39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716,
  2.506628277459239,
]
const b = [-54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572]
const c = [
  -0.007784894002430293, -0.3223964580411365, -2.400758277161838, -2.549732539343734, 4.374664141464968,
  2.938163982698783,
]
const d = [0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416]
const low = 0.02425

/** The point below which a standard normal variable is with this probability (0 to 1); error below 1.2e-9 of it. Source: P. Acklam. Pure. */
export function normalQuantile(probability: number): number {
  if (probability < low) return tail(Math.sqrt(-2 * Math.log(probability)))
  if (probability > 1 - low) return -tail(Math.sqrt(-2 * Math.log(1 - probability)))
  const q = probability - 0.5
  const r = q * q
  return (polynomial(a, r) * q) / (polynomial(b, r) * r + 1)
}

function tail(q: number): number {
  return polynomial(c, q) / (polynomial(d, q) * q + 1)
}

function polynomial(coefficients: readonly number[], at: number): number {
  return coefficients.reduce((sum, coefficient) => sum * at + coefficient, 0)
}
