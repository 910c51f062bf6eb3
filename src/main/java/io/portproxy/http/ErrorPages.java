package io.portproxy.http;

import java.util.Map;
import java.util.Optional;

/**
 * Pages of the operator's in place of ours, for people. They can be exchanged while the process runs. Any thread.
 *
 * <p>A page is HTML in UTF-8, in which {@code {{status}}}, {@code {{title}}} and {@code {{detail}}} stand for the status, its name and a
 * sentence.
 */
public final class ErrorPages {
    /** The name of the page for every status without one. */
    public static final String ANY = "error";

    private static final int FIRST_ERROR = 400;

    private volatile Map<String, String> pages;

    /** @param pages by status, such as {@code 404}, or {@link #ANY} */
    public ErrorPages(Map<String, String> pages) {
        this.pages = Map.copyOf(pages);
    }

    /** None. */
    public static ErrorPages none() {
        return new ErrorPages(Map.of());
    }

    /** From now on they are those of the other. */
    public void replaceBy(ErrorPages other) {
        pages = other.pages;
    }

    /**
     * The page for an answer; empty if there is none.
     *
     * @param title the status's name
     * @param detail for a person
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

    /** As text in HTML, and in the value of an attribute. */
    static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
