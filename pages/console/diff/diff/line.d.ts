export { diffLines } from 'diff'
