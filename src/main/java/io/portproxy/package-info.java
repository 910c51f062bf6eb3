/** The application's entry point; each part lives in a package of its own below this one. */
@NullMarked
package io.portproxy;

import org.jspecify.annotations.NullMarked;
