/** An HTTP request as the Functions programming model gives it; the query is in `url`. */
export type HttpInput = {
  method: string
  url: string
  headers: { get(name: string): string | null }
  params: Readonly<Record<string, string>>
  arrayBuffer(): Promise<ArrayBuffer>
}
