import { z } from 'zod'
import { Secret } from '../../lib/secret.ts'
import type {
  EndpointTemplate,
  ListedEndpoint,
  ManagedEndpoint,
} from '../../retraining/predictiveServices.ts'
import { decodeEndpoint } from './endpointWire.ts'

/** The PUT that makes an endpoint. Source: classic-protocol.md, 4: add endpoint. */
export function encodeNewEndpoint(template: EndpointTemplate): object {
  return {
    Description: template.description ?? '',
    ThrottleLevel: template.throttleLevel ?? 'High',
    // Null and not absent: the DTO of the service's own client has the member always.
    MaxConcurrentCalls: template.maxConcurrentCalls ?? null,
    PreventUpdate: false,
    ...(template.logging !== undefined && { DiagnosticsTraceLevel: template.logging }),
    ...(template.sampleData !== undefined && { SampleDataEnabled: template.sampleData }),
  }
}

const instant = z
  .string()
  .nullish()
  .transform((value) => {
    const atMs = Date.parse(value ?? '')
    return Number.isNaN(atMs) ? undefined : atMs
  })

const managed = z.object({
  PrimaryKey: z.string().min(1),
  ApiLocation: z.string().min(1),
  CreationTime: instant,
})

/** GET of an endpoint by name, with its key. Throws what zod throws. */
export function decodeManagedEndpoint(answer: string): ManagedEndpoint {
  const { PrimaryKey, ApiLocation, CreationTime } = managed.parse(JSON.parse(answer))
  return {
    ...decodeEndpoint(answer),
    scoringUrl: ApiLocation.split('?')[0]?.replace(/\/+$/, '') ?? '',
    createdAtMs: CreationTime,
    key: new Secret(PrimaryKey),
  }
}

const listed = z.array(
  z.object({ Name: z.string().min(1), Description: z.string().nullish(), CreationTime: instant }),
)

/** The list of a web service's endpoints, without the keys it holds, by name. Throws what zod throws. */
export function decodeEndpointList(answer: string): ListedEndpoint[] {
  return listed
    .parse(JSON.parse(answer))
    .map(({ Name, Description, CreationTime }) => ({
      name: Name,
      description: Description ?? '',
      createdAtMs: CreationTime,
    }))
    .sort((one, other) => (one.name < other.name ? -1 : 1))
}
