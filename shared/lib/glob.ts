/** A test for names: `*` stands for any text, `?` for one character, everything else for itself. Pure. */
export function globTest(glob: string): (name: string) => boolean {
  const parts = glob
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll(/\*+/g, '.*')
    .replaceAll('?', '.')
  const pattern = new RegExp(`^${parts}$`, 's')
  return (name) => pattern.test(name)
}
