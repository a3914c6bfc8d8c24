/* The try-it page: Swagger UI over the gateway's own document, with what the guide's portal shows beside it. */
const traceHeader = 'x-gateway-trace'
const requestedUrlHeader = 'x-gateway-requested-url'
const secretHeaders = ['ocp-apim-subscription-key', 'authorization']

/** The request as the curl box may show it: without keys, and without what only this page asks for. */
function shownRequest(request) {
  const headers = request.get('headers')
  if (headers === undefined || headers === null) return request
  const entries = typeof headers.entrySeq === 'function' ? [...headers.entrySeq()] : Object.entries(headers)
  const shown = entries
    .filter(([name]) => name.toLowerCase() !== traceHeader)
    .map(([name, value]) => [name, secretHeaders.includes(name.toLowerCase()) ? placeholder(name) : value])
  return request.set(
    'headers',
    typeof headers.clear === 'function' ? headers.clear().merge(shown) : Object.fromEntries(shown),
  )
}

function placeholder(name) {
  return name.toLowerCase() === 'authorization' ? 'Bearer <endpoint key>' : '<subscription key>'
}

/** What the back end was asked, as the guide's portal shows it beside status, headers and content. */
function requestedUrl(React, response) {
  const headers = response?.get('headers')
  const url = headers?.get ? headers.get(requestedUrlHeader) : headers?.[requestedUrlHeader]
  if (url === undefined) return null
  return React.createElement(
    'div',
    { className: 'gateway-requested-url' },
    React.createElement('h4', null, 'Requested URL (back end)'),
    React.createElement('code', null, url),
  )
}

const plugin = ({ React }) => ({
  wrapComponents: {
    curl: (Curl) => (props) => React.createElement(Curl, { ...props, request: shownRequest(props.request) }),
    liveResponse: (LiveResponse) => (props) =>
      React.createElement(
        'div',
        null,
        requestedUrl(React, props.response),
        React.createElement(LiveResponse, props),
      ),
  },
})

window.SwaggerUIBundle({
  url: 'openapi.json',
  dom_id: '#swagger-ui',
  presets: [window.SwaggerUIBundle.presets.apis],
  plugins: [(system) => plugin(system)],
  layout: 'BaseLayout',
  docExpansion: 'list',
  defaultModelsExpandDepth: -1,
  displayOperationId: false,
  displayRequestDuration: true,
  persistAuthorization: false,
  tryItOutEnabled: true,
  validatorUrl: null,
  withCredentials: false,
  requestInterceptor(request) {
    if (!request.loadSpec) request.headers[traceHeader] = 'true'
    return request
  },
})
