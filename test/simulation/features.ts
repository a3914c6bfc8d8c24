/**
 * What the product can do so far of what the promises need. A check of something that is off is left out: `main.ts` says so.
 */
export const features = {
  /** Jobs in flight a service and a customer, as leased slots; the longest-waiting run first. */
  slots: false,
}

/** The promises that are not checked, and why. */
export const lacking: readonly string[] = [
  ...(features.slots ? [] : ['S7, L2, L4 (caps, order of starts, leases): there are no slots yet']),
]
