import { expect, test } from 'vitest'
import { type Command, parseCommand } from '../../../local/cli/parseCommand.ts'

const cases: [when: string, args: string[], command: Command][] = [
  ['nothing', [], { kind: 'help' }],
  ['--help', ['drop', '--help'], { kind: 'help' }],
  [
    'a drop takes the name of its file',
    ['drop', 'southwest', 'birdstrikes', 'samples/southwest-next.csv'],
    {
      kind: 'drop',
      customerId: 'southwest',
      model: 'birdstrikes',
      file: 'samples/southwest-next.csv',
      blobName: 'southwest/birdstrikes/southwest-next.csv',
      isJson: false,
    },
  ],
  [
    'or the one given',
    ['drop', 'a', 'b', 'x.csv', '--name', '2026/y.csv', '--json'],
    { kind: 'drop', customerId: 'a', model: 'b', file: 'x.csv', blobName: 'a/b/2026/y.csv', isJson: true },
  ],
  ['status', ['status'], { kind: 'status', isJson: false }],
  ['status of one customer', ['status', 'a', '--json'], { kind: 'status', customerId: 'a', isJson: true }],
]
test.each(cases)('parseCommand: %s', (_when, args, command) => {
  expect(parseCommand(args)).toEqual(command)
})

const refused: [when: string, args: string[], message: string][] = [
  ['an unknown command', ['fly'], 'Cannot fly: the commands are drop and status, subscriptions and usage'],
  ['a drop without a file', ['drop', 'a', 'b'], 'it takes a customer, a model and a file'],
  ['a customer that is no id', ['drop', 'Bad Name', 'b', 'x.csv'], 'customer Bad Name is no id'],
  ['a model that is no id', ['drop', 'a', '../b', 'x.csv'], 'model ../b is no id'],
  [
    'a file that is no CSV',
    ['drop', 'a', 'b', 'x.txt'],
    'Cannot drop a/b/x.txt: the name does not end in .csv',
  ],
  ['an unknown flag', ['status', '--foo'], "Unknown option '--foo'"],
]
test.each(refused)('refused in one line: %s', (_when, args, message) => {
  expect(() => parseCommand(args)).toThrow(message)
  expect(() => parseCommand(args)).not.toThrow(/\n/)
})
