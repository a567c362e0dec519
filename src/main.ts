#!/usr/bin/env node
import { program } from './cli/program'
import { printFailure } from './cli/terminal'
import { PlainError } from './contract/plainError'

program()
  .parseAsync()
  .catch((thrown: unknown) => {
    printFailure(thrown)
    process.exitCode = thrown instanceof PlainError ? thrown.exitCode : 1
  })
