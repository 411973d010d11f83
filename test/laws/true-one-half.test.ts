import { truth, truthOfCases } from './true.js'

truthOfCases()
truth(0)
