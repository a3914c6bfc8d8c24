import { serviceError } from './serviceError.ts'

/** 404 for a workspace. */
export function workspaceNotFound(): Error {
  const message = 'Workspace not found. Verify the workspace Id is correct and try again.'
  return serviceError('NotFound', 'WorkspaceNotFound', message)
}

/** 404 for a web service or endpoint id. */
export function webServiceNotFound(): Error {
  const message = 'Web service not found. Verify the web service Id is correct and try again.'
  return serviceError('NotFound', 'WebServiceNotFound', message)
}

/** 404 for a web service or endpoint that belongs to another workspace. */
export function notInWorkspace(): Error {
  const message =
    'Web service under this workspace not found. There is a mismatch between the webServiceId and the workspaceId. Verify the web service provided is part of the workspace and try again.'
  return serviceError('NotFound', 'WebServiceIdNotFoundInWorkspace', message)
}

/** 404 for an endpoint name. The code is ours: the documents name none. */
export function endpointNotFound(name: string): Error {
  return serviceError('NotFound', 'EndpointNotFound', `The web service has no endpoint "${name}".`, name)
}

/** 404 for a job: unknown, or past its retention. The code is ours: the documents name none. */
export function jobNotFound(jobId: string): Error {
  return serviceError(
    'NotFound',
    'JobNotFound',
    `Job ${jobId} not found. Verify the job Id is correct and try again.`,
  )
}

/** 404 for a path that is none of the service's. */
export function pathNotFound(): Error {
  return serviceError('NotFound', 'PathNotFound', 'The service has nothing at this path.')
}
