// `npm start`: installs and builds what is missing, then runs the server in this process. Needs nothing but Node.js.
// This first file stays readable for old versions of Node.js, so that they get a message and not a syntax error.
var wanted = [20, 19];
var found = process.versions.node.split('.').map(Number);

if (found[0] < wanted[0] || (found[0] === wanted[0] && found[1] < wanted[1])) {
  console.error('AI Stack needs Node.js ' + wanted.join('.') + ' or newer; this is ' + process.versions.node + ' (' + process.execPath + ').');
  process.exitCode = 1;
} else {
  import('./support/launch.js').then(function (launch) {
    return launch.launch(process.argv.slice(2));
  });
}
