/** Helpers that the tests share: peers that send and receive raw bytes, small targets, and settings with short times. */
package io.portproxy.testing;
