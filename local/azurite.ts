export { type AzuriteOptions, type RunningAzurite, startAzurite } from '../emulator/azurite.ts'
