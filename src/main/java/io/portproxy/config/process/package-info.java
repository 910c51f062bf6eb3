/** The process around the roles: its log, its signals, its memory and its end. */
@NullMarked
package io.portproxy.config.process;

import org.jspecify.annotations.NullMarked;
