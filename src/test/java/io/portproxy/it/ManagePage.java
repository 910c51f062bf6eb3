package io.portproxy.it;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** Fills in and reads the forms of the dashboard. */
final class ManagePage {
    private final Chromium browser;

    ManagePage(Chromium browser) {
        this.browser = browser;
    }

    /** Returns the button with that text, even if it is not visible. */
    private WebElement button(String text) {
        return Objects.requireNonNull(
                Chromium.await().until(() -> (WebElement) browser.script("""
                return [...document.querySelectorAll('main button, dialog[open] button')].find((each) =>
                    each.checkVisibility() && each.textContent.trim() === arguments[0]) ?? null""", text), Objects::nonNull));
    }

    void press(String text) {
        button(text).click();
    }

    void pressByKey(String text) {
        button(text).sendKeys(Keys.ENTER);
    }

    /** Confirms the open dialog by key. */
    void confirmByKey() {
        browser.awaitVisible("#confirm[open]");
        browser.focused().sendKeys(Keys.TAB);
        browser.focused().sendKeys(Keys.ENTER);
        Chromium.await().until(() -> browser.countVisible("#confirm") == 0);
    }

    private static String field(String name) {
        return "[data-field=" + name + "] .input";
    }

    void fill(String name, String text) {
        browser.type(field(name), text);
    }

    /** Types keys in place of a field's content. */
    void typeInto(String name, CharSequence... keys) {
        browser.type(field(name), keys);
    }

    /** Returns the value of a field of an open form. */
    String valueOf(String name) {
        browser.awaitVisible(field(name));
        return values().getOrDefault(name, "");
    }

    /** Returns the values of all fields of the open form, by their names. */
    Map<String, String> values() {
        return ofFields("dialog[open] [data-field]", "each.querySelector('.input')?.value ?? ''");
    }

    /** Returns what is wrong with each field, by its name, or an empty text. */
    Map<String, String> problems() {
        return ofFields("[data-field]", "each.querySelector('.problem')?.textContent.trim() ?? ''");
    }

    @SuppressWarnings("unchecked")
    private Map<String, String> ofFields(String css, String value) {
        return (Map<String, String>) Objects.requireNonNull(browser.script(
                "return Object.fromEntries([...document.querySelectorAll(arguments[0])].map((each) => [each.dataset.field, "
                        + value + "]))",
                css));
    }

    /** Chooses an option of a list by the beginning of its text. */
    void choose(String name, String text) {
        browser.find(field(name)).sendKeys(text);
    }

    String problemOf(String name) {
        return String.join("", browser.texts("[data-field=" + name + "] .problem"));
    }

    void submit() {
        browser.click("form.manage [type=submit]");
    }

    /** Returns the texts of the visible buttons and actions. */
    List<String> offers() {
        return browser.visibleTexts("main button, main .acts a");
    }

    /** Returns the text of the document editor. */
    String document() {
        return (String)
                Objects.requireNonNull(browser.script("return document.getElementById('document-text')?.value ?? ''"));
    }

    /** Copies the shown way to bring a remote up by its button, pastes it, and returns the text. */
    String copyWay() {
        browser.allowClipboard();
        press("Copy " + browser.texts(".choice:has(:checked)").get(0));
        browser.awaitText(".copy", "Copied");
        return (String) Objects.requireNonNull(browser.scriptWithCallback(
                "navigator.clipboard.readText().then(arguments[0], (e) => arguments[0](String(e)))"));
    }

    List<String> ways() {
        return browser.texts(".choice");
    }
}
