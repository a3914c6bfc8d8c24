import type { HttpAnswer } from '../http/httpClient.ts'
import { hasCode } from './fromHttpStatus.ts'

const elsewhere = ['WorkspaceNotFound', 'WebServiceNotFound', 'WebServiceIdNotFoundInWorkspace']

/** 404 for the job or endpoint that was asked for, and not for the service or workspace in its URL. Pure. */
export function isGone({ status, text }: Pick<HttpAnswer, 'status' | 'text'>): boolean {
  return status === 404 && !elsewhere.some((code) => hasCode(text, code))
}
