/**
 * How a wrong configuration is told: problems with property, value, origin and fix, warnings, and the reports of a
 * start that fails.
 */
@NullMarked
package io.portproxy.config.problem;

import org.jspecify.annotations.NullMarked;
