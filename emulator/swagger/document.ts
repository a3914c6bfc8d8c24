import { type ApiView, endpointUrls } from '../pages/view.ts'
import { definitions } from './definitions.ts'
import { paths } from './paths.ts'

/**
 * The Swagger 2.0 document of an endpoint, in the shape that old clients read: title and description, the execute path as
 * the second key of `paths`, an item definition a port, and the example request. Source: the wire contract, section 5;
 * the layout beyond what clients read is the emulator's own.
 */
export function swaggerDocument(api: ApiView): object {
  const [scheme = 'http', location = ''] = endpointUrls(api).api.split('://')
  const slash = location.indexOf('/')
  return {
    swagger: '2.0',
    info: { title: api.service.name, description: api.service.description, version: '2.0' },
    host: location.slice(0, slash),
    basePath: location.slice(slash),
    schemes: [scheme],
    consumes: ['application/json'],
    produces: ['application/json'],
    securityDefinitions: {
      Bearer: {
        type: 'apiKey',
        name: 'Authorization',
        in: 'header',
        description: '"Bearer", a blank and one of the two keys of the endpoint',
      },
    },
    security: [{ Bearer: [] }],
    paths: paths(api),
    definitions: definitions(api),
  }
}
