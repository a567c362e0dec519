export { folded } from '../../contract/folded'
