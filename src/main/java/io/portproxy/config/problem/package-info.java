/**
 * The reports of a wrong configuration: problems with property, value, origin and fix, warnings, and the reports of a failed
 * start.
 */
@NullMarked
package io.portproxy.config.problem;

import org.jspecify.annotations.NullMarked;
