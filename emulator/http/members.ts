/**
 * A member of a JSON object, its name in any case: the service's own reader (Json.NET) did not tell cases apart, and
 * today's C# writes names in camel case. Only for names of the contract; ports, columns and parameters are case-sensitive.
 */
export function memberOf(json: Readonly<Record<string, unknown>>, name: string): unknown {
  const exact = json[name]
  if (exact !== undefined) return exact
  const wanted = name.toLowerCase()
  for (const key of Object.keys(json)) {
    if (key.length === name.length && key.toLowerCase() === wanted) return json[key]
  }
  return undefined
}
