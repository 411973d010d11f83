import type { Page } from '../model/codes.js'
import type { Exit } from './exit.js'

/** What each way of ending means: a page of `bridle explain`, as codes have one. */
export const exitPages: Readonly<Record<Exit, Page>> = {
  0: {
    what: 'It is done, or there was nothing to do.',
    why: 'A schedule or a step of a build goes by this alone. Warnings are said aloud and end nothing.',
    fix: 'Nothing. To hear of it where a plan has something to do, run `bridle plan --exit-code`.',
  },
  1: {
    what: 'There is a bug in bridle.',
    why: 'Something happened that nobody expected, so nothing is said of the organization.',
    fix: 'Run it again with --debug, and report what it says. Ran `bridle apply`? The next `bridle plan` shows what is left to do.',
  },
  2: {
    what: 'The command makes no sense: a flag or an argument is unknown, missing or contradicts another, or a file that it names is not there.',
    why: 'What was meant is for you to say: a guess could be a change that nobody wanted.',
    fix: 'Do as the second line says. `--help` shows what a command takes.',
  },
  3: {
    what: 'The files make no sense: a key is unknown, a value is wrong, or two things contradict each other.',
    why: 'From files with a mistake in them a wrong plan would be made, or a wrong verdict, so there is neither.',
    fix: 'Each finding names its line and what would be right there. `bridle validate` shows all of them, without a token.',
  },
  4: {
    what: 'Buildkite or AWS refused, could not be reached, or could not be read whole.',
    why: 'What was not read is not empty. Nothing is planned and nothing is judged from half of an organization.',
    fix: 'Run `bridle doctor`: it says what works and what is missing. Where an API was down or a limit was reached, run it again later.',
  },
  5: {
    what: 'A guard stopped it: more would be removed than looks right, the plan that was reviewed is not today’s, or nobody consented.',
    why: 'What comes next can’t be taken back, or is something else than what somebody has read. Nothing was changed.',
    fix: 'Read the finding. It names the flag that says it is meant, where there is one; where there is none, make the plan again.',
  },
  6: {
    what: 'An apply stopped on the way: some calls were carried out, and others were not.',
    why: 'What was done is done, in an order in which nothing is open on the way, so it may stay like this for a while.',
    fix: 'Read why the call failed, mend that, and run `bridle apply` again: it goes on from there.',
  },
  10: {
    what: 'There is a difference between the files and the organization, and no finding.',
    why: 'Somebody changed something by hand, or the files have changed and were not applied.',
    fix: 'Run `bridle apply` to put it back, or change the files to say what is there.',
  },
  11: {
    what: 'There are findings about who may do what, or a change was refused for access.',
    why: 'Somebody reaches what the files do not allow them, would reach it, or nobody can tell. Findings win over differences.',
    fix: 'Read the findings, the first one first: each shows the way hop by hop and what closes it. `bridle explain CODE` says more.',
  },
  130: {
    what: 'A person stopped it with Ctrl-C.',
    why: 'What was under way has been finished, and nothing was begun after it.',
    fix: 'Run it again. After an apply the next plan shows what is left to do.',
  },
}
