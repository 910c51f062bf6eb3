/**
 * The tunnel protocol: instructions, their encoding, and their incremental decoding from byte buffers. It uses no
 * channels, no clock and no log.
 */
@NullMarked
package io.portproxy.protocol;

import org.jspecify.annotations.NullMarked;
