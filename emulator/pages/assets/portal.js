import { addCopyButtons } from './copy.js'
import { askToken, busy, openDialog } from './dialogs.js'
import { hideKeys, showKeys } from './keys.js'
import { describeEndpoint, manage, score } from './service.js'
import { fillFields, readRequest, showAnswer } from './test-form.js'

const call = (method, path, body) => manage(method, path, { ask: askToken, body })

function say(text, failed = false) {
  const message = document.querySelector('#message')
  message.textContent = text
  message.classList.toggle('failed', failed)
}

/** Fetches the page again and puts its endpoints in the place of the ones shown. */
async function showEndpointsAgain() {
  const response = await fetch(location.href)
  const page = new DOMParser().parseFromString(await response.text(), 'text/html')
  const endpoints = document.adoptNode(page.querySelector('#endpoints'))
  document.querySelector('#endpoints').replaceWith(endpoints)
  addCopyButtons(endpoints)
}

async function toggleKeys(card, button) {
  const keys = card.querySelector('.keys')
  const show = keys.hidden
  if (show) showKeys(keys, (await call('GET', card.dataset.name)).json)
  else hideKeys(keys)
  button.textContent = show ? 'Hide keys' : 'Show keys'
  button.setAttribute('aria-label', `${button.textContent}: ${card.dataset.name}`)
}

async function test(card) {
  const { name, endpoint } = card.dataset
  const { json } = await call('GET', name)
  const swagger = await describeEndpoint(endpoint)
  const element = openDialog('test', name, async () => {
    const request = readRequest(fields)
    answer.replaceChildren()
    showAnswer(answer, await score(endpoint, json.PrimaryKey, request), request)
    addCopyButtons(answer)
    return true
  })
  const fields = element.querySelector('.fields')
  const answer = element.querySelector('.answer')
  answer.replaceChildren()
  fillFields(fields, swagger)
  fields.querySelector('input')?.focus()
}

function remove(card) {
  const { name } = card.dataset
  openDialog('delete', name, async () => {
    await call('DELETE', name)
    await showEndpointsAgain()
    say(`Endpoint ${name} is deleted`)
  })
}

function refresh(card) {
  const { name } = card.dataset
  openDialog('refresh', name, async (form) => {
    const overwrite = form.elements.overwrite.checked
    const { status } = await call('POST', `${name}/refresh`, {
      OverwriteResources: overwrite ? 'True' : 'False',
    })
    await showEndpointsAgain()
    say(status === 304 ? `Endpoint ${name} was up to date` : `Endpoint ${name} is refreshed`)
  })
}

async function add(form) {
  const { name, description, logging, sample } = form.elements
  const there = await call('GET', name.value).catch((error) => {
    if (error.status !== 404) throw error
  })
  if (there !== undefined) throw new Error(`Cannot add endpoint ${name.value}: there is one of that name`)
  await call('PUT', name.value, {
    Description: description.value,
    DiagnosticsTraceLevel: logging.value,
    SampleDataEnabled: sample.checked,
    PreventUpdate: false,
  })
  await showEndpointsAgain()
  say(`Endpoint ${name.value} is added`)
  form.reset()
}

const actions = { test, keys: toggleKeys, refresh, delete: remove }

document.addEventListener('click', (event) => {
  const closing = event.target.closest('[data-close]')
  if (closing !== null) closing.closest('dialog').close()
  const button = event.target.closest('[data-action]')
  if (button === null) return
  say('')
  const card = button.closest('.card')
  Promise.resolve(actions[button.dataset.action](card, button)).catch((error) => say(error.message, true))
})

document.querySelector('#add-form').addEventListener('submit', (event) => {
  event.preventDefault()
  const form = event.currentTarget
  busy(form, () => add(form)).catch((error) => say(error.message, true))
})
