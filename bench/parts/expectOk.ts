/** Fetches; throws where the answer is no 2xx. */
export async function expectOk(url: string, init: RequestInit): Promise<Response> {
  const answer = await fetch(url, init)
  if (!answer.ok) throw new Error(`Cannot measure: ${answer.status} ${await answer.text()}`)
  return answer
}
