import type { Emulator } from '../emulator.ts'
import { jsonAnswer } from '../http/answer.ts'
import { endpointNotFound, notInWorkspace, webServiceNotFound, workspaceNotFound } from '../http/notFound.ts'
import { queryValue, type Request } from '../http/request.ts'
import type { Admitted } from '../http/server.ts'
import { loadAssets } from '../pages/assets.ts'
import { describeEndpoint, describeService, describeWorkspace } from '../pages/describe.ts'
import { helpPages } from '../pages/help/frame.ts'
import { renderHelpPage } from '../pages/help/pages.ts'
import { listPage } from '../pages/listPage.ts'
import { endpointsPerPage, servicePage } from '../pages/servicePage.ts'
import type { Endpoint, WebService } from '../state/records.ts'
import { swaggerDocument } from '../swagger/document.ts'
import { type ApiViews, createApiViews } from './apiViews.ts'
import { assetAnswer, pageAnswer } from './pageAnswer.ts'
import { tokenAnswer } from './portalToken.ts'

/** Lets a request for a page in; undefined when the path is none of a page. */
export type PageRoutes = (request: Request) => Admitted | undefined

/**
 * Routes what is shown: the portal, help pages, swagger documents. Nobody has to authorise, because nothing here holds a
 * key; the portal's script calls the API for them.
 */
export function createPageRoutes(emulator: Emulator): PageRoutes {
  const views = createApiViews(emulator)
  const assets = loadAssets()
  return (request) => {
    const { method, segments } = request
    const [plane, first = ''] = segments
    if (plane === 'portal' && method === 'POST') return tokenAnswer(emulator, request)
    if (method !== 'GET') return undefined
    if (plane === undefined) return { handle: () => pageAnswer(() => frontPage(emulator)) }
    if (plane === 'portal' && first === 'assets') return assetAnswer(assets, segments[2])
    if (plane === 'portal') return { handle: () => pageAnswer(() => showService(emulator, request)) }
    if (plane === 'apihelp') return { handle: () => pageAnswer(() => help(emulator, views, request)) }
    if (isSwagger(request)) return { handle: async () => jsonAnswer(await swagger(emulator, views, request)) }
    return undefined
  }
}

function frontPage({ store }: Emulator): string {
  return listPage([...store.workspaces()].map((workspace) => describeWorkspace(store, workspace)))
}

/** `/portal/workspaces/{ws}/webservices/{sid}`. */
function showService(emulator: Emulator, request: Request): string {
  const { store } = emulator
  const service = serviceAt(emulator, request)
  if (request.segments.length !== 5) throw webServiceNotFound()
  const search = (queryValue(request, 'q') ?? '').toLowerCase()
  const found = [...store.endpointsOf(service.id)].filter((endpoint) => endpoint.name.includes(search))
  const last = Math.max(1, Math.ceil(found.length / endpointsPerPage))
  const page = Math.min(last, Math.max(1, Math.trunc(Number(queryValue(request, 'page'))) || 1))
  const shown = found.slice((page - 1) * endpointsPerPage, page * endpointsPerPage)
  return servicePage({
    service: describeService(store, service),
    endpoints: shown.map(describeEndpoint),
    search,
    page,
    found: found.length,
  })
}

/** `/apihelp/workspaces/{ws}/webservices/{sid}/endpoints/{id}` and its pages. */
async function help(emulator: Emulator, views: ApiViews, request: Request): Promise<string> {
  const [, , , , , , name = '', page = '', ...more] = request.segments
  const endpoint = endpointAt(emulator, request, name)
  if (!Object.hasOwn(helpPages, page) || more.length > 0) throw endpointNotFound(`${name}/${page}`)
  return renderHelpPage(page as keyof typeof helpPages, await views(endpoint, request.baseUrl))
}

function isSwagger({ segments }: Request): boolean {
  const [plane, , third, , fifth] = segments
  if (third === 'services' && fifth === 'swagger.json') return segments.length === 5
  return (
    plane === 'workspaces' &&
    third === 'webservices' &&
    segments.length === 7 &&
    segments[6] === 'apidocument'
  )
}

async function swagger(emulator: Emulator, views: ApiViews, request: Request): Promise<object> {
  const [plane, workspaceId, third, id = '', , name = ''] = request.segments
  const endpoint =
    third === 'services'
      ? emulator.store.endpoint(id)
      : endpointAt(emulator, { ...request, segments: ['', ...request.segments] }, name)
  if (endpoint === undefined) throw webServiceNotFound()
  // A subscription id is the client's own: the alias takes any.
  if (plane === 'workspaces' && endpoint.workspaceId.toLowerCase() !== workspaceId) throw notInWorkspace()
  return swaggerDocument(await views(endpoint, request.baseUrl))
}

/** The web service of a path whose segments are `.../workspaces/{ws}/webservices/{sid}`, after one more. */
function serviceAt({ store }: Emulator, { segments }: Request): WebService {
  const [, , workspaceId = '', , id = ''] = segments
  if (store.workspace(workspaceId) === undefined) throw workspaceNotFound()
  const service = store.webService(id)
  if (service === undefined) throw webServiceNotFound()
  if (service.workspaceId.toLowerCase() !== workspaceId) throw notInWorkspace()
  return service
}

/** The endpoint of that web service, by its id or its name. */
function endpointAt(emulator: Emulator, request: Request, idOrName: string): Endpoint {
  const service = serviceAt(emulator, request)
  const byId = emulator.store.endpoint(idOrName)
  if (byId?.serviceId === service.id) return byId
  const named = emulator.store.endpointNamed(service.id, idOrName)
  if (named === undefined) throw endpointNotFound(idOrName)
  return named
}
