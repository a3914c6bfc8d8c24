/** An HTTP request as the Functions programming model gives it. */
export type HttpInput = {
  method: string
  url: string
  headers: { get(name: string): string | null }
  query: Iterable<[string, string]>
  params: Readonly<Record<string, string>>
  arrayBuffer(): Promise<ArrayBuffer>
}
