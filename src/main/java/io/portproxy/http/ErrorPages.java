package io.portproxy.http;

import java.util.Map;
import java.util.Optional;

/**
 * The operator's error pages, which people get in place of PortProxy's own. They can be replaced while the process
 * runs. Any thread.
 *
 * <p>A page is HTML in UTF-8. The server replaces {@code {{status}}}, {@code {{title}}} and {@code {{detail}}} in it with the
 * status, the name of the status and a sentence.
 */
public final class ErrorPages {
    /** The name of the page for every status that has no page of its own. */
    public static final String ANY = "error";

    private static final int FIRST_ERROR = 400;

    private volatile Map<String, String> pages;

    /** @param pages the pages by status, such as {@code 404}, or by {@link #ANY} */
    public ErrorPages(Map<String, String> pages) {
        this.pages = Map.copyOf(pages);
    }

    /** Returns an object without pages. */
    public static ErrorPages none() {
        return new ErrorPages(Map.of());
    }

    /** Replaces all pages with those of {@code other}. */
    public void replaceBy(ErrorPages other) {
        pages = other.pages;
    }

    /**
     * Returns the page for an answer; empty if there is none.
     *
     * @param title the name of the status
     * @param detail a sentence for a person
     */
    Optional<String> page(int status, String title, String detail) {
        Map<String, String> now = pages;
        if (status < FIRST_ERROR || now.isEmpty()) {
            return Optional.empty();
        }
        return Optional.ofNullable(now.getOrDefault(Integer.toString(status), now.get(ANY)))
                .map(page -> page.replace("{{status}}", Integer.toString(status))
                        .replace("{{title}}", title)
                        .replace("{{detail}}", escaped(detail)));
    }

    /** Escapes text for HTML. The result can also stand in the value of an attribute. */
    static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
