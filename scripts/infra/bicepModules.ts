import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type BicepFile, callsOf, type Deployed, propertyOf } from './bicepFile.ts'
import { childrenOf, everyNode, lineOf, propertiesOf } from './bicepTree.ts'
import { type Problem, suggestion } from './problem.ts'

/** Files that a file loads and that are not there; `root` is the folder that `file` is relative to. */
export function loadedFileProblems(bicep: BicepFile, root: string): Problem[] {
  return callsOf(bicep, /^load\w+$/)
    .filter(({ argument }) => argument === '' || !existsSync(join(root, dirname(bicep.file), argument)))
    .map(({ node, argument }) => ({
      file: bicep.file,
      line: lineOf(node),
      text: `no such file: ${argument || 'its name is no literal'}`,
    }))
}

/** Modules: that they are there, their parameters (unknown, missing) and their outputs. `files` are all by path. */
export function moduleProblems(bicep: BicepFile, files: ReadonlyMap<string, BicepFile>): Problem[] {
  return bicep.modules.flatMap((module) => {
    const line = lineOf(module.node)
    const target = files.get(join(dirname(bicep.file), module.kind))
    if (target === undefined) return [{ file: bicep.file, line, text: `no such module: ${module.kind}` }]
    return [...parameterProblems(bicep, module, target), ...outputProblems(bicep, module, target)]
  })
}

function parameterProblems(bicep: BicepFile, module: Deployed, target: BicepFile): Problem[] {
  const { file } = bicep
  const params = propertyOf(module, 'params')
  const given = params === undefined ? [] : propertiesOf(params)
  const known = target.parameters.map(({ name }) => name)
  const unknown = given
    .filter(({ name }) => !known.includes(name))
    .map(({ name, key }) => {
      const near = suggestion(name, known)
      return { file, line: lineOf(key), text: `${module.kind} has no parameter ${name}${near}` }
    })
  const missing = target.parameters
    .filter(({ name, isRequired }) => isRequired && !given.some((each) => each.name === name))
    .map(({ name }) => {
      return { file, line: lineOf(module.node), text: `${module.kind} needs parameter ${name}` }
    })
  return [...unknown, ...missing]
}

/** Uses of `module.outputs.x` where the module has no output x. */
function outputProblems(bicep: BicepFile, module: Deployed, target: BicepFile): Problem[] {
  const known = target.outputs.map(({ name }) => name)
  return everyNode(bicep.root).flatMap((node) => {
    const [inner, property] = node.type === 'member_expression' ? childrenOf(node) : []
    if (inner?.text !== `${module.name}.outputs` || property === undefined) return []
    if (known.includes(property.text)) return []
    const near = suggestion(property.text, known)
    const text = `${module.kind} has no output ${property.text}${near}`
    return [{ file: bicep.file, line: lineOf(node), text }]
  })
}

/** The values of a parameters file (`main.parameters.json`): names that the template lacks, and ones it needs. */
export function parametersFileProblems(file: string, text: string, template: BicepFile): Problem[] {
  const { parameters } = JSON.parse(text) as { parameters: Record<string, unknown> }
  const lines = text.split('\n')
  const known = template.parameters.map(({ name }) => name)
  const unknown = Object.keys(parameters)
    .filter((name) => !known.includes(name))
    .map((name) => {
      const line = lines.findIndex((each) => each.includes(`"${name}"`)) + 1
      return { file, line, text: `the template has no parameter ${name}${suggestion(name, known)}` }
    })
  const missing = template.parameters
    .filter(({ name, isRequired }) => isRequired && !(name in parameters))
    .map(({ name }) => ({ file, line: 1, text: `the template needs parameter ${name}` }))
  return [...unknown, ...missing]
}
