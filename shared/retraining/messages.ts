import type { ModelKey, RunKey } from './names.ts'

/**
 * Queue `start-requests`: a model may have waiting drops, or a queued run. `service`: instead, this paused training service is
 * to be tried out by whoever is first in its line; the model is one that waited when the message was sent.
 */
export type StartMessage = { v: 1; service?: string | undefined } & ModelKey

/** Queue `training-jobs`: a run's job is due; void when the token is not the run's any more. */
export type PollMessage = { v: 1; token: string } & RunKey

/**
 * Queue `endpoint-updates`: install the run's model, or see whether it answers. `again`: also when it was installed
 * already, since another PATCH may have undone it. `measure`: score the run's model on the holdout.
 */
export type UpdateMessage =
  | ({ v: 1; kind: 'update'; again?: boolean | undefined } & RunKey)
  | ({ v: 1; kind: 'check'; token: string } & RunKey)
  | ({ v: 1; kind: 'measure' } & RunKey)

/**
 * Queue `webhooks`: something happened to a model that nobody was told of yet; or an event is due at its receiver, void when
 * the delivery has another number of attempts. Without a number an operator sends it again.
 */
export type WebhookMessage =
  | ({ v: 1; kind: 'tell' } & ModelKey)
  | { v: 1; kind: 'send'; id: string; attempt?: number | undefined }
