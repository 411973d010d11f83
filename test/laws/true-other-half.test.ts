import { truth } from './true.js'

truth(1)
