/** Fields for one row of every input port, and for the global parameters, of an endpoint's swagger document. */
export function fillFields(container, swagger) {
  const { ExecutionInputs, ExecutionRequest, GlobalParameters } = swagger.definitions
  const fields = Object.entries(ExecutionInputs.properties).flatMap(([port, { items }]) => {
    const item =
      swagger.definitions[
        decodeURIComponent(items.$ref.split('/').at(-1)).replaceAll('~1', '/').replaceAll('~0', '~')
      ]
    const [sample] = ExecutionRequest.example.Inputs[port]
    // `required` has the columns in order; an object's own order puts numbers first.
    return item.required.map((name) =>
      field({ port, name, type: item.properties[name], value: sample[name] }),
    )
  })
  const parameters = Object.entries(GlobalParameters.properties).map(([name, type]) =>
    field({ port: '', name, type, value: type.default }),
  )
  container.replaceChildren(...fields, ...parameters)
}

function field({ port, name, type, value }) {
  const frame = document.createElement('div')
  frame.className = 'field'
  const input = document.createElement('input')
  input.id = `cell-${crypto.getRandomValues(new Uint32Array(2)).join('-')}`
  input.value = value ?? ''
  input.autocomplete = 'off'
  input.dataset.port = port
  input.dataset.column = name
  if (type.type === 'number' || type.type === 'integer') input.inputMode = 'decimal'
  const label = document.createElement('label')
  label.htmlFor = input.id
  label.textContent = name
  frame.append(label, input)
  if (type.enum !== undefined) frame.append(suggestions(input, type.enum))
  return frame
}

function suggestions(input, values) {
  const list = document.createElement('datalist')
  list.id = `${input.id}-values`
  input.setAttribute('list', list.id)
  list.append(...values.map((value) => new Option(value, value)))
  return list
}

/** The request that the fields make: a table of one row a port, cells as text. */
export function readRequest(container) {
  const Inputs = {}
  const GlobalParameters = {}
  for (const { value, dataset } of container.querySelectorAll('input')) {
    if (dataset.port === '') {
      GlobalParameters[dataset.column] = value
      continue
    }
    Inputs[dataset.port] ??= { ColumnNames: [], Values: [[]] }
    Inputs[dataset.port].ColumnNames.push(dataset.column)
    Inputs[dataset.port].Values[0].push(value)
  }
  return { Inputs, GlobalParameters }
}

/** Shows the first row of every output port: what the service added first, then the columns that came in. */
export function showAnswer(container, answer, request) {
  const given = new Set(Object.values(request.Inputs).flatMap((input) => input.ColumnNames))
  const tables = Object.entries(answer.Results).map(([port, { value }]) => {
    const cells = value.ColumnNames.map((name, at) => [name, value.Values[0]?.[at] ?? ''])
    const added = cells.filter(([name]) => !given.has(name))
    return answerTable(
      port,
      added,
      cells.filter(([name]) => given.has(name)),
    )
  })
  const raw = document.createElement('details')
  const summary = document.createElement('summary')
  summary.textContent = 'The answer as it came'
  const pre = document.createElement('pre')
  pre.textContent = JSON.stringify(answer, null, 2)
  raw.append(summary, pre)
  container.replaceChildren(...tables, raw)
}

function answerTable(port, added, echoed) {
  const table = document.createElement('table')
  const caption = table.createCaption()
  caption.textContent = `Answer at ${port}`
  for (const [cells, look] of [
    [added, 'scored'],
    [echoed, 'quiet'],
  ]) {
    for (const [name, value] of cells) {
      const row = table.insertRow()
      row.className = look
      const head = document.createElement('th')
      head.scope = 'row'
      head.textContent = name
      row.append(head)
      row.insertCell().textContent = value
    }
  }
  const frame = document.createElement('div')
  frame.className = 'scroll'
  frame.append(table)
  return frame
}
