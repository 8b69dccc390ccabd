/** The flags of `ptrm solve`, parsed. */
import type { Shard } from '@ptrm/eval'
import type { Backend, KernelVariant, NoiseTarget, SelectorName, StopRule } from '@ptrm/orchestrator'

export interface SolveFlags {
  /** Default: the bundled model of each puzzle's kind. */
  readonly model?: string
  /** What grids are that no line gives a kind. */
  readonly kind?: string
  readonly rollouts?: number
  readonly steps?: number
  readonly sigma?: number | number[]
  readonly noiseTarget?: NoiseTarget
  readonly seed?: bigint
  readonly select?: SelectorName
  readonly stop?: StopRule
  readonly deadline?: number
  readonly workers?: number
  readonly backend?: Backend
  readonly kernel?: KernelVariant
  readonly slots?: number
  readonly device?: number[]
  readonly stepsPerRun?: number
  readonly fp16?: boolean
  readonly tf32?: boolean
  readonly deterministic: boolean
  readonly exact?: boolean
  readonly shard?: Shard
  readonly json?: boolean
  readonly svg?: string
  readonly quiet?: boolean
  readonly color: boolean
}
