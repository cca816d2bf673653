/** The modules from the ground up. Those of one floor do not know each other, and none knows the ones above it. */
module.exports = [['dashboard', 'identity', 'tenants'], ['cache', 'search'], ['memory'], ['engine'], ['rag'], ['openai', 'analytics']];
