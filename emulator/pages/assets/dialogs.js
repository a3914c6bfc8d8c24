/** Opens a dialog about an endpoint; `submit` runs when its form is sent, and closes it unless it answers true. */
export function openDialog(id, name, submit) {
  const element = document.querySelector(`dialog#${id}`)
  const form = element.querySelector('form')
  const problem = element.querySelector('.problem')
  problem.textContent = ''
  for (const place of element.querySelectorAll('.endpoint-name')) place.textContent = name
  form.onsubmit = async (event) => {
    event.preventDefault()
    problem.textContent = ''
    await busy(form, async () => {
      if ((await submit(form)) !== true) element.close()
    }).catch((error) => {
      problem.textContent = error.message
    })
  }
  element.showModal()
  return element
}

/** Runs `work`; meanwhile the form cannot be sent again. */
export async function busy(form, work) {
  const button = form.querySelector('button:not([data-close]):not(.copy)')
  button.disabled = true
  try {
    await work()
  } finally {
    button.disabled = false
  }
}

/** Asks for the workspace's token, which the emulator does not give to pages of other machines. */
export function askToken() {
  return new Promise((resolve, reject) => {
    const element = openDialog('token', '', (form) => resolve(new FormData(form).get('token')))
    element.addEventListener(
      'close',
      () => reject(new Error('Without the token of the workspace this cannot be done')),
      {
        once: true,
      },
    )
  })
}
