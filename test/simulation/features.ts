/**
 * Which promises the product can keep so far. A check of one that is off is left out, and `main.ts` says so.
 * `drift`: reconcile describes endpoints and puts them right (S1, second half). `slots`: caps, order of starts and leases
 * (S7, L2, L4).
 */
export const features = { drift: false, slots: false }
