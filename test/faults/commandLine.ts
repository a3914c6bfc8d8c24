/** Reads a number above 0 from an option; throws one line that names it. Pure. */
export function numberOf(name: string, text: string): number {
  const number = Number(text)
  if (Number.isFinite(number) && number > 0) return number
  throw new Error(`Cannot use --${name} ${text}: a number above 0 is needed`)
}

/** Ends the process with what `main` answers, or with 1 and the one line of its error. */
export async function endWith(main: () => Promise<number>): Promise<never> {
  try {
    process.exit(await main())
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exit(1)
  }
}
