/** The promises that are not checked, and why. */
export const lacking: readonly string[] = [
  'L2 (a ready run starts no later than every run that became ready after it): no check of the order yet',
]
