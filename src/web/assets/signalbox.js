// Pages work without it; what it adds comes with src/web/script.
document.documentElement.dataset.script = 'on';
