import nock from 'nock'

// No test needs a network: whatever would leave this machine fails at once, by name.
nock.disableNetConnect()
nock.enableNetConnect(/^(127\.0\.0\.1|localhost|\[::1\])/)
