/** The command line: commands that are short for properties, and a few that answer by themselves. */
@NullMarked
package io.portproxy.cli;

import org.jspecify.annotations.NullMarked;
