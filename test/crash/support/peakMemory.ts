import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { setInterval as ticks } from 'node:timers/promises'
import { packageRoot } from '../../../src/packageRoot'
import type { Environment } from '../../support/cli'

const MAIN = path.join(packageRoot, 'dist', 'src', 'main.js')
const LOOK_EVERY_MS = 20

/** Runs a command of the built command line, and answers with its exit code the most memory that it had, in bytes. */
export async function peakMemoryOf(
  args: readonly string[],
  environment: Environment,
): Promise<{ code: number | null; peak: number }> {
  const { PATH = '' } = process.env
  const child = spawn(process.execPath, [MAIN, ...args], { env: { PATH, ...environment }, stdio: 'ignore' })
  let peak = 0
  for await (const _ of ticks(LOOK_EVERY_MS)) {
    if (child.exitCode !== null || child.signalCode !== null) break
    peak = Math.max(peak, residentPeakOf(child.pid))
  }
  return { code: child.exitCode, peak }
}

/** 0 for a process that has just ended. */
function residentPeakOf(pid: number | undefined): number {
  const [, kilobytes = '0'] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1')) ?? []
  return Number(kilobytes) * 1024
}
