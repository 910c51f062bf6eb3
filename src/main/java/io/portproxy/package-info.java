/** The application's entry point. Each part of PortProxy lives in its own package below this one. */
@NullMarked
package io.portproxy;

import org.jspecify.annotations.NullMarked;
