import { type Html, html } from './html.ts'

/** The dialogs of a web service's page; the script fills in the endpoint's name and, to test it, its columns. */
export function renderDialogs(withTest: boolean): Html {
  return html`${withTest ? testDialog : undefined}
${deleteDialog}
${refreshDialog}
${tokenDialog}`
}

const testDialog = html`<dialog id="test" aria-labelledby="test-title">
<form class="form">
<h2 id="test-title">Test <span class="endpoint-name"></span></h2>
<p class="quiet">Scores one row. An empty field is a missing value.</p>
<div class="fields"></div>
<p class="problem" role="alert"></p>
<div class="buttons"><button class="primary" value="test">Test</button>
<button type="button" data-close>Close</button></div>
<output class="answer" aria-live="polite"></output>
</form>
</dialog>`

const deleteDialog = html`<dialog id="delete" aria-labelledby="delete-title">
<form class="form">
<h2 id="delete-title">Delete endpoint <span class="endpoint-name"></span>?</h2>
<p>Its jobs are stopped, and its keys stop working.</p>
<p class="problem" role="alert"></p>
<div class="buttons"><button class="danger">Delete endpoint</button>
<button type="button" data-close autofocus>Cancel</button></div>
</form>
</dialog>`

const refreshDialog = html`<dialog id="refresh" aria-labelledby="refresh-title">
<form class="form">
<h2 id="refresh-title">Refresh endpoint <span class="endpoint-name"></span></h2>
<p>Brings the endpoint to the experiment that the default endpoint runs.</p>
<div class="field check"><input id="overwrite" name="overwrite" type="checkbox">
<label for="overwrite">Overwrite its trained model too</label></div>
<p class="problem" role="alert"></p>
<div class="buttons"><button class="primary">Refresh endpoint</button>
<button type="button" data-close>Cancel</button></div>
</form>
</dialog>`

const tokenDialog = html`<dialog id="token" aria-labelledby="token-title">
<form class="form" autocomplete="off">
<h2 id="token-title">Workspace token</h2>
<p>This page is not open on the machine that the emulator runs on, so it has to be told the token of the workspace, which
the emulator prints when it starts. It is kept until the page is left.</p>
<div class="field"><label for="workspace-token">Token</label>
<input id="workspace-token" name="token" type="password" required autocomplete="off"></div>
<p class="problem" role="alert"></p>
<div class="buttons"><button class="primary">Continue</button>
<button type="button" data-close>Cancel</button></div>
</form>
</dialog>`
