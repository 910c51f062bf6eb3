/** The command line: commands that stand for a start with properties, and a few small commands that start no role. */
@NullMarked
package io.portproxy.cli;

import org.jspecify.annotations.NullMarked;
