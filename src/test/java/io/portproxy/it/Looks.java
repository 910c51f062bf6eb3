package io.portproxy.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * Checks how a page looks: at a desk and on a phone, in light and dark colours. Every look is photographed. The colours change while the
 * page is shown, as they do in the evening.
 */
final class Looks {
    /** The folder of all pictures that tests make. */
    static final Path PICTURES = Path.of(System.getProperty("it.screenshots", "target/screenshots"));

    /** The width of a window at a desk, in pixels. */
    static final int WIDE = 1280;

    /** The width of a phone, in pixels. */
    static final int NARROW = 360;

    /** The height of the window, in pixels. */
    static final int HEIGHT = 900;

    private final Chromium browser;

    Looks(Chromium browser) {
        this.browser = browser;
    }

    /** What is to be done or checked in a look. */
    @FunctionalInterface
    interface Step {
        void run() throws Exception;
    }

    /**
     * Checks a view that {@code load} loads twice: in light colours at a desk, and in dark ones on a phone. Leaves the browser as it
     * was.
     */
    void assertUsable(String name, Step load) throws Exception {
        for (int width : new int[] {WIDE, NARROW}) {
            boolean dark = width == NARROW;
            browser.resize(width, HEIGHT);
            browser.preferDark(dark);
            load.run();
            assertLook(name, width, dark);
            assertColours(name, width, !dark);
        }
        browser.resize(WIDE, HEIGHT);
        browser.preferDark(false);
    }

    /** Checks what is shown now in both widths, without loading it again. Leaves the browser as it was. */
    void assertUsable(String name) throws Exception {
        assertUsable(name, () -> {});
    }

    /** Checks what is shown now, in a window that has that width in pixels, in light or dark colours. */
    void assertLook(String name, int width, boolean dark) throws IOException {
        String look = show(name, width, dark);
        assertFits(look, width);
        assertThat(browser.violations()).as(look).isEmpty();
    }

    /** Checks all that depends on colours, after {@link #assertLook} has checked the same page in the other ones. */
    private void assertColours(String name, int width, boolean dark) throws IOException {
        String look = show(name, width, dark);
        assertThat(browser.violationsOfColours()).as(look).isEmpty();
    }

    /** Shows the page in light or dark colours, and photographs it. Returns the name of the picture. */
    private String show(String name, int width, boolean dark) {
        String look = name + (dark ? "-dark" : "") + (width == NARROW ? "-narrow" : "");
        browser.preferDark(dark);
        photograph(look);
        return look;
    }

    /** Checks that nobody needs to scroll sideways: neither the page, in a window of that width in pixels, nor an open dialog. */
    void assertFits(String name, int width) {
        List<?> widths = (List<?>) Objects.requireNonNull(browser.script("""
                const dialog = document.querySelector('dialog[open]');
                return [document.documentElement.scrollWidth, dialog ? dialog.scrollWidth - dialog.clientWidth : 0]"""));
        assertThat((long) widths.get(0)).as("width of %s", name).isLessThanOrEqualTo(width);
        assertThat((long) widths.get(1)).as("what a dialog hides of %s", name).isZero();
    }

    void photograph(String name) {
        browser.photograph(PICTURES.resolve(name + ".png"));
    }
}
